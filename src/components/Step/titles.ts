/** Names of roles and facts for people. */

const capitals: Readonly<Record<string, string>> = { hsm: 'HSM', so: 'SO', pin: 'PIN' };

/** `hsm-so-pin-holder` → `HSM SO PIN holder`. */
export function roleTitle(id: string): string {
  const words = id.split('-').map((word) => capitals[word] ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
