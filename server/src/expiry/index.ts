export { ExpiryModule } from './expiry.module.js';
