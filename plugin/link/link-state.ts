import { remember, rememberedNumber } from "../memory";

// One long poll a GUI: an older Lua state's loop, which a reload leaves running, sees a newer number and ends.

const generationKey = "link_generation";

/** Takes the link over from whoever had it. */
export function takeLink(): number {
  const generation = rememberedNumber(generationKey) + 1;
  remember(generationKey, generation);
  return generation;
}

export function hasLink(generation: number): boolean {
  return rememberedNumber(generationKey) === generation;
}
