import {
  type CatalogueRow,
  getimgCatalogue,
  kiaraCatalogue,
  llmtuneCatalogue,
  nativeCatalogue,
  rowId,
  skillsVideoCatalogue,
  skytellsCatalogue,
} from '@genlock/contracts';
import type { DialectName } from '../src/error.ts';

/** Every table, by its dialect. */
export const CATALOGUES: { readonly [D in DialectName]: readonly CatalogueRow[] } = {
  kiara: kiaraCatalogue.rows,
  getimg: getimgCatalogue.rows,
  skytells: skytellsCatalogue.rows,
  llmtune: llmtuneCatalogue.rows,
  'skills-video': skillsVideoCatalogue.rows,
  native: nativeCatalogue.rows,
};

export const dialects = Object.keys(CATALOGUES) as DialectName[];

/** Every row that is told in this way, with a name for a test. */
export function rowsTold(told: CatalogueRow['told']) {
  return dialects.flatMap((dialect) =>
    CATALOGUES[dialect]
      .filter((row) => row.told === told)
      .map((row) => ({ dialect, row, id: `${dialect} ${rowId(row)}` })),
  );
}
