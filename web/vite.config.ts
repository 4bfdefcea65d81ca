import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The client is served by the server under `/app`; while it is being worked on, `npm run dev` passes calls on to one. */
export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
  server: {
    proxy: {
      '^/(auth|users|conversations|messages|invites|sync|socket.io)': { target: 'http://localhost:3000', ws: true },
    },
  },
  build: {
    target: 'es2023',
    sourcemap: true,
    // A style or picture inside of a script or page would need a weaker Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
