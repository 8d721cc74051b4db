/** The vendor of every model in the table (contract section 7). */
export const VENDOR = {
  name: 'Skytells',
  description: 'Models of the Skytells family.',
  image_url: null,
  verified: true,
  slug: 'skytells',
  metadata: {},
} as const;
