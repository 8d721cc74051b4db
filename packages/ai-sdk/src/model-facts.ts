import type { Shop } from './settings.ts';

interface MemberSchema {
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
}

/** The members of a model's input by its own schema. Empty if the model cannot be read; the order will then report the error. */
export type Members = Readonly<Record<string, MemberSchema>>;

/** Reads what models take, once for each model. */
export function createModelFacts(open: () => Shop): (id: string) => Promise<Members> {
  const known = new Map<string, Promise<Members>>();
  const ask = async (id: string): Promise<Members> => {
    const { input_schema } = await open().client.models.get(id);
    return (input_schema.properties ?? {}) as Members;
  };
  return (id) => {
    const facts = known.get(id) ?? ask(id);
    known.set(id, facts);
    return facts.catch(() => {
      known.delete(id);
      return {};
    });
  };
}
