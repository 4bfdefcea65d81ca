import { LoaderCircle } from 'lucide-react';

/** Something is under way. Says nothing to screen readers: whatever it stands in says that it is busy. */
export const Spinner = ({ size = 18 }: { readonly size?: number }) => (
  <LoaderCircle aria-hidden className="animate-spin" size={size} />
);
