/** Preloaded, with `--expose-gc`, into processes whose memory is measured: collects garbage when asked by a signal. */
process.on('SIGUSR2', () => globalThis.gc?.());
