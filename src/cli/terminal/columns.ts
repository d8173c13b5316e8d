/** The width of a terminal that does not say its own. */
export const DEFAULT_COLUMNS = 80;
