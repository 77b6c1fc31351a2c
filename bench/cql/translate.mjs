// CQL to ELM, done once by whoever edits a .cql file: npm ci && node translate.mjs. The ELM is kept beside it, because
// the translator is a beta and is not what the benchmark measures.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { SystemModelInfoProvider } from "@cqframework/cql/cql";
import {
  CqlTranslator, LibraryManager, ModelManager, createModelInfoProvider, createUcumService, stringAsSource,
} from "@cqframework/cql/cql-to-elm";

const folder = createRequire(import.meta.url).resolve("cql-exec-fhir").replace(/index\.js$/, "modelInfos/");
const fhir = (name, _system, version) =>
  name === "FHIR" ? stringAsSource(readFileSync(`${folder}fhir-modelinfo-${version}.xml`, "utf8")) : null;
// Only "months" is used, which CQL knows without UCUM; the translator asks for a service all the same.
const ucum = createUcumService((value) => value, () => null);

const plain = (key, value) => (["annotation", "locator", "localId"].includes(key) ? undefined : value);

for (const name of ["facts", "chart"]) {
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
  models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider(fhir));
  const text = readFileSync(new URL(`${name}.cql`, import.meta.url), "utf8");
  const libraries = new LibraryManager(models, undefined, undefined, ucum);
  const made = JSON.parse(CqlTranslator.fromText(text, libraries).toJson());
  const faults = (made.library.annotation ?? []).filter((one) => one.errorSeverity === "error");
  if (faults.length) {
    console.error(name, faults);
    process.exitCode = 1;
  } else {
    writeFileSync(new URL(`${name}.elm.json`, import.meta.url), `${JSON.stringify(made, plain)}\n`);
  }
}
