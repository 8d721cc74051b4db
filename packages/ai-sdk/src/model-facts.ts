import type { Shop } from './settings.ts';

interface MemberSchema {
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
}

/** The members of a model's input, by its own schema; empty where it cannot be asked, which the order will then tell. */
export type Members = Readonly<Record<string, MemberSchema>>;

/** What models take, each asked for once. */
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
