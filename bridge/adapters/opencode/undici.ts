// By name: a bundle gives a CommonJS package that is loaded late as its default alone.
export { Agent, Pool, request } from "undici";
