/** The text of a JSON file as the project writes it: two spaces a level, and an end of line. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
