/** Fonts that travel inside a script: scripts/ship/assets.ts gives their bytes. */
declare module '*.woff2' {
  const bytes: Uint8Array<ArrayBuffer>;

  export { bytes as default };
}
