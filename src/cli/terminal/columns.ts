/** How wide a terminal is that does not say. */
export const DEFAULT_COLUMNS = 80;
