export { PinsModule } from './pins.module.js';
