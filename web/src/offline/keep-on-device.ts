/** The worker that this page was loaded by, if any: what it may still ask for is of the same version. */
const loadedBy = navigator.serviceWorker?.controller ?? null;

/** Has the browser keep the client on the device; calls back when a newer one is there, which takes over when told to. */
export async function keepOnDevice(onNewVersion: (takeOver: () => void) => void): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const base = import.meta.env.BASE_URL;
  let isKept = loadedBy !== null;
  // A newer one takes over every tab at once, and has nothing of what an older page may still ask for.
  const takenOver = () => {
    if (isKept) location.reload();
    isKept = true;
  };
  serviceWorker.addEventListener('controllerchange', takenOver);
  if (serviceWorker.controller !== loadedBy) takenOver();
  const registration = await serviceWorker.register(`${base}service-worker.js`, { scope: base });
  const watch = (worker: ServiceWorker | null) => {
    const look = () => {
      // The first one of all takes nothing over.
      if (worker?.state !== 'installed' || !serviceWorker.controller) return;
      onNewVersion(() => worker.postMessage('take over'));
    };
    worker?.addEventListener('statechange', look);
    look();
  };
  watch(registration.waiting);
  registration.addEventListener('updatefound', () => watch(registration.installing));
}
