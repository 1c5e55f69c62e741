/**
 * Every code and message of the checker: one table in five parts. (Those of curvature and constants
 * are in constants/diagnostics.ts, made by the same `define`.) A test provokes each code.
 */
export * from './diagnostics/names.ts';
export * from './diagnostics/shapes.ts';
export * from './diagnostics/data.ts';
export * from './diagnostics/fixed-points.ts';
export * from './diagnostics/methods.ts';
export { define } from './diagnostics/define.ts';
export type { DiagnosticKind, Words } from './diagnostics/define.ts';
