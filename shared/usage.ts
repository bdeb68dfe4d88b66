import type { Usage } from "./task";

export const noUsage: Usage = { tokensIn: 0, tokensOut: 0, cost: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return { tokensIn: a.tokensIn + b.tokensIn, tokensOut: a.tokensOut + b.tokensOut, cost: a.cost + b.cost };
}

export function withoutUsage(a: Usage, b: Usage): Usage {
  return { tokensIn: a.tokensIn - b.tokensIn, tokensOut: a.tokensOut - b.tokensOut, cost: a.cost - b.cost };
}
