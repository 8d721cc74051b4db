/** Divides an order: 10 with 4 at a time gives 4, 4, 2. */
export function countsOf(count: number, most: number): readonly number[] {
  const orders = Math.ceil(count / most);
  return Array.from({ length: orders }, (_, index) => Math.min(most, count - index * most));
}
