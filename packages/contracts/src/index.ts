export * from './canonical.ts';
export * from './catalogue.ts';
export {
  type GetimgCatalogue,
  type GetimgErrorCode,
  type GetimgRow,
  getimgCatalogue,
} from './getimg.ts';
export { type KiaraErrorCode, kiaraCatalogue } from './kiara.ts';
export {
  INSUFFICIENT_BALANCE,
  type LlmtuneCatalogue,
  type LlmtuneErrorCode,
  type LlmtuneRow,
  llmtuneCatalogue,
} from './llmtune.ts';
export { nativeCatalogue, problemStatus } from './native.ts';
export {
  type SkillsVideoCatalogue,
  type SkillsVideoErrorCode,
  type SkillsVideoFamily,
  type SkillsVideoPlace,
  type SkillsVideoRow,
  skillsVideoCatalogue,
  skillsVideoFamilies,
  skillsVideoPlaces,
  skillsVideoRowsAt,
} from './skills-video.ts';
export {
  type SkytellsCatalogue,
  type SkytellsCause,
  type SkytellsErrorCode,
  type SkytellsPlace,
  type SkytellsRow,
  skytellsCatalogue,
} from './skytells.ts';
