/** As JSON, or as a form if it contains a file. A form repeats the name of an array for each element. */
export function orderBody(
  input: Readonly<Record<string, unknown>>,
): { readonly json: unknown } | { readonly form: FormData } {
  const values = Object.entries(input).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, one] as const),
  );
  if (!values.some(([, value]) => value instanceof Blob)) return { json: input };
  const form = new FormData();
  for (const [name, value] of values) {
    if (value instanceof Blob) form.append(name, value, nameOf(value));
    else if (value !== null && value !== undefined) form.append(name, String(value));
  }
  return { form };
}

function nameOf(file: Blob): string {
  return 'name' in file && typeof file.name === 'string' ? file.name : 'file';
}
