import Type, { type Static } from 'typebox';
import type { PriceUnit } from '../../domain/pricing.ts';
import { choice, count, duration, factor, text, usd } from '../fields.ts';
import { closed, map, optional } from './shapes.ts';

const PRICE_UNITS: [PriceUnit, ...PriceUnit[]] = ['call', 'image', 'second', 'character', 'token'];

export const price = Type.Object(
  {
    unit: choice(
      PRICE_UNITS,
      'What is counted: of pictures call or image, of clips call or second, of speech call, character or (Skytells) second, of texts call or token.',
    ),
    usd: usd('Price of one unit; of tokens, of a million input tokens.', '0.06'),
    output_usd: optional(usd('Tokens only: price of a million output tokens.', '1.20')),
    factors: optional(
      map(
        'Multipliers that depend on how the work is asked for: dimension, then value, then factor.',
        map(
          'The factor of each value; a value that is not listed costs the plain price.',
          factor('Multiplier.', 1.5),
        ),
      ),
    ),
    round_to: optional(usd('The result is rounded half up to a multiple of this.', '0.01', true)),
  },
  closed('What a call costs. It is held before the call; what is delivered is charged, never more.'),
);

export interface RouteFile {
  readonly provider: string;
  readonly model: string;
  readonly weight?: number;
  readonly cost?: Static<typeof price>;
}

export const route = Type.Unsafe<string | RouteFile>({
  type: ['string', 'object'],
  pattern: '^[^/]+/.+$',
  'x-form': { kind: 'route' },
  properties: {
    provider: text('A name under `providers`, or `sandbox`.', 'sandbox'),
    model: text('The provider’s own name of the model.', 'kiara-vogue'),
    weight: count(
      'Its share of first tries, beside the weights of the other routes; 0: only when all others failed.',
      3,
      0,
      1000,
    ),
    cost: { ...price, description: 'What the provider takes for a call, by its own price list.' },
  },
  required: ['provider', 'model'],
  ...closed('A provider and its model, as `<provider>/<model>` or as a map.'),
  examples: ['sandbox/kiara-vogue'],
});

const field = text('A field of the request body.', 'image_quality');

export const model = Type.Object(
  {
    status: optional(choice(['active', 'paused', 'inactive'], 'Whether callers can use it.')),
    billable: optional(Type.Boolean({ description: 'False: refused as not billable.', examples: [true] })),
    price: optional(price),
    routes: optional(
      Type.Array(route, {
        description:
          'What serves it, in the order of trying, or drawn by weight. To switch the model off, set its `status`.',
        minItems: 1,
        'x-instead-of-none':
          'leave the key out to keep the default route; to switch the model off, write "status: inactive"',
        maxItems: 20,
      }),
    ),
    input_field: optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        minLength: 1,
        maxLength: 200,
        description: 'The field that names the source media, where its length decides the price; null: none.',
        examples: ['video_url'],
      }),
    ),
    enterprise_only: optional(
      Type.Array(field, { description: 'Fields that only the enterprise plan may send.', maxItems: 100 }),
    ),
    exclusive: optional(
      Type.Array(
        Type.Unsafe<[string, string]>(
          Type.Array(field, { description: 'Two fields.', minItems: 2, maxItems: 2 }),
        ),
        { description: 'Pairs of fields that may not be sent together.', maxItems: 100 },
      ),
    ),
    deadline: optional(duration('After this a generation of the model is failed.', '10m', '1ms', '7d')),
  },
  closed('Settings of one model; what is left out keeps the default of the dialect.'),
);
