import { isDeepStrictEqual } from 'node:util';
import type { ModelOverride, ModelPatch } from '../../store/port.ts';
import type { Model } from './model.ts';

export type ModelChange = {
  readonly [field in keyof Omit<Model, 'dialect' | 'id' | 'kind'>]?: Model[field] | undefined;
};

/**
 * The models of all dialects, in three layers: what the dialect ships, the configuration file, and the operator's changes at run time.
 * Later layers win, field by field.
 */
export class ModelRegistry {
  readonly #shipped: ReadonlyMap<string, Model>;
  #configured: ReadonlyMap<string, ModelChange>;
  #overrides: ReadonlyMap<string, ModelPatch> = new Map();
  #models = new Map<string, Model>();

  constructor(shipped: readonly Model[], configured: ReadonlyMap<string, ModelChange>) {
    this.#shipped = new Map(shipped.map((model) => [modelKey(model.dialect, model.id), model]));
    this.#configured = configured;
    this.#rebuild();
  }

  find(dialect: string, id: string): Model | undefined {
    return this.#models.get(modelKey(dialect, id));
  }

  list(dialect?: string): readonly Model[] {
    const all = [...this.#models.values()];
    return dialect === undefined ? all : all.filter((model) => model.dialect === dialect);
  }

  /** Takes over the models of a newly read configuration file. */
  configure(configured: ReadonlyMap<string, ModelChange>): void {
    this.#configured = configured;
    this.#rebuild();
  }

  /** What the operator changed of one model, as far as this process knows. */
  overrideOf(dialect: string, id: string): ModelPatch {
    return this.#overrides.get(modelKey(dialect, id)) ?? {};
  }

  /** Sets the operator's patch of one model, as the store keeps it. An empty patch removes it. */
  override(dialect: string, id: string, patch: ModelPatch): void {
    this.#overrides = new Map([...this.#overrides, [modelKey(dialect, id), patch]]);
    this.#rebuild();
  }

  /** Replaces all patches by those of the store. Returns whether anything changed; usually nothing did. */
  replaceOverrides(all: readonly ModelOverride[]): boolean {
    const next = new Map(all.map(({ dialect, model, patch }) => [modelKey(dialect, model), patch]));
    const before = new Map([...this.#overrides].filter(([, patch]) => Object.keys(patch).length > 0));
    if (isDeepStrictEqual(before, next)) return false;
    this.#overrides = next;
    this.#rebuild();
    return true;
  }

  #rebuild(): void {
    this.#models = new Map(
      [...this.#shipped].map(([key, model]) => [
        key,
        { ...model, ...defined(this.#configured.get(key) ?? {}), ...defined(this.#overrides.get(key) ?? {}) },
      ]),
    );
  }
}

export function modelKey(dialect: string, id: string): string {
  return `${dialect}/${id}`;
}

function defined(change: ModelChange | ModelPatch): Partial<Model> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
