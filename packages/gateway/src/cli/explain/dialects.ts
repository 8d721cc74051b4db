import {
  type Dialect,
  type DialectName,
  getimg,
  kiara,
  llmtune,
  native,
  skillsVideo,
  skytells,
} from '@genlock/client';
import {
  type Catalogue,
  getimgCatalogue,
  kiaraCatalogue,
  llmtuneCatalogue,
  nativeCatalogue,
  skillsVideoCatalogue,
  skytellsCatalogue,
} from '@genlock/contracts';

/** The client's reader of a dialect's errors, and the dialect's error table. */
export interface Tongue<D extends DialectName = DialectName> {
  readonly dialect: Dialect<D>;
  readonly catalogue: Catalogue;
}

export const tongues: { readonly [D in DialectName]: Tongue<D> } = {
  kiara: { dialect: kiara, catalogue: kiaraCatalogue },
  getimg: { dialect: getimg, catalogue: getimgCatalogue },
  'skills-video': { dialect: skillsVideo, catalogue: skillsVideoCatalogue },
  skytells: { dialect: skytells, catalogue: skytellsCatalogue },
  llmtune: { dialect: llmtune, catalogue: llmtuneCatalogue },
  native: { dialect: native, catalogue: nativeCatalogue },
};

export const dialectNames = Object.keys(tongues) as readonly DialectName[];
