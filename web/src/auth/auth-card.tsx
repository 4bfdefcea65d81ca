import type { ReactNode } from 'react';

/** The page of somebody who is not signed in: one thing to do, in the middle. */
export const AuthCard = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <main className="flex h-full flex-col items-center overflow-y-auto bg-canvas p-4">
    <div className="m-auto w-full max-w-sm rounded-2xl bg-ground p-6 shadow-sm sm:p-8">
      <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" className="mb-4 size-12" />
      <h1 className="mb-5 text-2xl font-semibold">{title}</h1>
      {children}
    </div>
  </main>
);

/** What is wrong with a form as a whole. */
export const FormProblem = ({ children }: { readonly children: ReactNode }) =>
  children ? (
    <p role="alert" className="rounded-lg border border-danger px-3 py-2 text-danger">
      {children}
    </p>
  ) : null;
