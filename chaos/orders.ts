/** Every order has its name in its prompt: by it the upstream and the books are held against each other. */
export const orderName = (round: string, n: number): string => `chaos-${round}-${n}-end`;

const NAME = /chaos-[a-z0-9]+-\d+-end/;

/** The order that a text is about. */
export function orderIn(text: string): string | undefined {
  return NAME.exec(text)?.[0];
}
