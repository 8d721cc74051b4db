import Type from 'typebox';
import { text } from '../fields.ts';

export const provider = Type.Object(
  { type: text('The type of the provider.', 'openai-compatible') },
  {
    description: 'One upstream: its type, and the settings of that type. Keep secrets in the environment.',
    additionalProperties: {
      description: 'A setting of the provider type, such as `base_url` or `api_key`.',
      examples: ['https://api.example.com/v1', `$\{OPENAI_API_KEY}`],
    },
  },
);
