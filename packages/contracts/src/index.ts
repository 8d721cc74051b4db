export * from './canonical.ts';
export * from './catalogue.ts';
export { type KiaraErrorCode, kiaraCatalogue } from './kiara.ts';
