/** The stand-ins of your own providers: one row each, with its folder beside this file. The project never changes this file, so that an update merges without conflict. */
export const localStandIns = {} as const;
