import { join } from "node:path";
import { openStore } from "../../../bridge/adapters/storage/open-store";
import { storeContract } from "../../contract/store-contract";
import { tempFolder } from "../../helpers/temp-folder";

storeContract("the SQLite store", async () => {
  const folder = await tempFolder();
  return {
    open: () => openStore({ path: join(folder.path, "octo.db"), ballastBytes: 4_096 }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
});
