import { OctoError } from "../../octo-error";
import type { HomeGit } from "./home-git";

/** HOST_REPOSITORY_UNSUPPORTED for what a plain pack of commits does not bring along. */
export async function checkTransportable(git: HomeGit, root: string, commit: string): Promise<void> {
  const refuse = (what: string): never => {
    throw new OctoError("HOST_REPOSITORY_UNSUPPORTED", `${root} ${what}`);
  };
  if ((await git(root, ["rev-parse", "--is-shallow-repository"])).trim() === "true") refuse("is a shallow clone");
  const settings = await git(root, ["config", "--null", "--name-only", "--get-regexp", "."], { codes: [0, 1] });
  const names = settings.toLowerCase().split("\0");
  if (names.some((name) => name === "extensions.partialclone" || /^remote\..*\.promisor$/.test(name))) refuse("is a partial clone");
  const attributes = ["grep", "--quiet", "-E", "filter[= ]*lfs", commit, "--", ":(glob)**/.gitattributes"];
  if ((await git.code(root, attributes)) === 0) refuse("keeps files in LFS");
  const hasSubmodules = (await git.code(root, ["cat-file", "-e", `${commit}:.gitmodules`])) === 0;
  if (hasSubmodules && names.some((name) => /^submodule\..*\.url$/.test(name))) refuse("has submodules that are initialised");
}
