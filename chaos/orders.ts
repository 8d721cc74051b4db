/** Every order has its name in its prompt. With it the upstream's records are matched with the orders. */
export const orderName = (round: string, n: number): string => `chaos-${round}-${n}-end`;

const NAME = /chaos-[a-z0-9]+-\d+-end/;

/** The name of the order that a text belongs to. */
export function orderIn(text: string): string | undefined {
  return NAME.exec(text)?.[0];
}
