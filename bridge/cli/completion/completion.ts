// What only the Tab key needs, loaded together and by nobody else.
export { bashScript } from "./bash-script";
export { fishScript } from "./fish-script";
export { namesOf } from "./names";
