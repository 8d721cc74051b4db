/** 10 of which 4 are made at a time: 4, 4, 2. */
export function countsOf(count: number, most: number): readonly number[] {
  const orders = Math.ceil(count / most);
  return Array.from({ length: orders }, (_, index) => Math.min(most, count - index * most));
}
