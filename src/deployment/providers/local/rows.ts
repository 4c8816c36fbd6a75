/** Your own providers: one row each, with its file beside this one. The project never changes this file, so that an update merges without conflict. */
export const localProviders = {} as const;
