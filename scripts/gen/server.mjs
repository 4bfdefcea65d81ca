import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Imports a package as the server would, whose dependency it is. */
const require = createRequire(new URL('../../server/package.json', import.meta.url));
export const importOfServer = (name) => import(pathToFileURL(require.resolve(name)).href);

/** Decorators of the built server write their metadata through this. */
await importOfServer('reflect-metadata');

/** Imports a module of the built server. */
export const importServer = (path) => import(new URL(`../../server/dist/${path}`, import.meta.url).href);
