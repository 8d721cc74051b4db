import type { Price } from '../../domain/pricing.ts';
import { type Model, shippedModel } from '../../gateway/models/model.ts';

/** What a model may be used for. Each endpoint requires one of these (contract sections 8 and 9). */
export type Capability = 'inference' | 'chat' | 'agent' | 'fine-tune';

export interface LanguageModel {
  readonly id: string;
  readonly name: string;
  readonly ownedBy: string;
  /** The limit of input and output tokens together, and thus also of an answer. */
  readonly contextLength: number;
  readonly capabilities: readonly Capability[];
}

interface Shipped extends LanguageModel {
  readonly price: Price;
  readonly status: Model['status'];
}

/** Dollars per million tokens. */
const perMillion = (input: number, output: number): Price => ({
  unit: 'token',
  usd: Math.round(input * 1_000_000),
  outputUsd: Math.round(output * 1_000_000),
});

/**
 * Only the first id is published, and no price (contract sections 9 and 11); the contract proposes 0.60. The others are ours: a chat-only
 * model, because the contract has an error for using one on the coding endpoint, and an inactive one, because some lists show such models
 * and others do not.
 */
const shipped: readonly Shipped[] = [
  {
    id: 'meta-llama/Llama-3.3-70B-Instruct',
    name: 'Llama 3.3 70B',
    ownedBy: 'Meta',
    contextLength: 131_072,
    capabilities: ['inference', 'chat', 'agent', 'fine-tune'],
    price: perMillion(0.6, 0.6),
    status: 'active',
  },
  {
    id: 'meta-llama/Llama-3.1-8B-Instruct',
    name: 'Llama 3.1 8B',
    ownedBy: 'Meta',
    contextLength: 131_072,
    capabilities: ['inference', 'chat', 'fine-tune'],
    price: perMillion(0.05, 0.08),
    status: 'active',
  },
  {
    id: 'meta-llama/Llama-2-7b-chat-hf',
    name: 'Llama 2 7B Chat',
    ownedBy: 'Meta',
    contextLength: 4096,
    capabilities: ['inference', 'chat', 'agent'],
    price: perMillion(0.05, 0.05),
    status: 'inactive',
  },
];

const byId: ReadonlyMap<string, LanguageModel> = new Map(shipped.map((model) => [model.id, model]));

const FINE_TUNED = /^ft:(.+):([0-9a-f]{12})$/;

/** The id of the model that a training job makes. */
export function fineTunedId(base: string, jobId: string): string {
  return `ft:${base}:${jobId.replaceAll('-', '').slice(-12)}`;
}

/**
 * The facts about a model of the table, or of one trained from it. A fine-tuned model is used like its base, but cannot be trained further.
 */
export function languageModel(id: string): LanguageModel | undefined {
  const known = byId.get(id);
  if (known !== undefined) return known;
  const [, baseId = '', suffix = ''] = FINE_TUNED.exec(id) ?? [];
  const base = byId.get(baseId);
  return (
    base && {
      ...base,
      id,
      name: `${base.name} (fine-tuned ${suffix})`,
      capabilities: base.capabilities.filter((capability) => capability !== 'fine-tune'),
    }
  );
}

/** The models as the core knows them. */
export const models: readonly Model[] = shipped.map(({ id, price, status }) =>
  shippedModel({ dialect: 'llmtune', id, kind: 'text', price, status }),
);
