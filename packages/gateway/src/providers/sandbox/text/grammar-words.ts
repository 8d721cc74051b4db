/** Words of a prompt that say nothing about its topic: function words and verbs of asking. */
export const GRAMMAR_WORDS: ReadonlySet<string> = new Set(
  `a about above after again all also always am an and any are as at be because been before being below but by can cannot could did do
  does don't down each else ever every few first for from get give had has have he her here him his how i if in into is it it's its just
  last let like make many may me more most much must my never no nor not now of off on once one only or other our out over own please
  same say she should show so some such take than that the their them then there these they this those three time to too two under
  until up us use very want was way we well were what when where which while who whole why will with without would write yes you your
  answer describe explain hello help hi list name short shorter tell text thank thanks think word words sentence sentences paragraph
  question story best better good great new nice`.split(/\s+/),
);
