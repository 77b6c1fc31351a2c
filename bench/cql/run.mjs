// The same criterion through cql-execution. Reads {seconds, cases: [{facts, asked_code, service_day, bundle, met}]} from
// standard input; ends with 1 where an answer differs; writes {facts, chart}, evaluations per second of
// processor time.
import { readFileSync } from "node:fs";
import cql from "cql-execution";
import fhir from "cql-exec-fhir";

const { seconds, cases } = JSON.parse(readFileSync(0, "utf8"));
const load = (name) => new cql.Library(JSON.parse(readFileSync(new URL(`${name}.elm.json`, import.meta.url), "utf8")));
const codes = new cql.CodeService({});
const overFacts = new cql.Executor(load("facts"), codes);
const overChart = new cql.Executor(load("chart"), codes);
const nobody = new cql.PatientSource([]);
const chart = fhir.PatientSource.FHIRv401();

async function ofFacts(one) {
  const parameters = { ...one.facts, asked_code: one.asked_code };
  return (await overFacts.withParameters(parameters).exec(nobody)).unfilteredResults.Met;
}

async function ofChart(one) {
  chart.loadBundles([one.bundle]);
  const parameters = { asked_code: one.asked_code, service_day: cql.Date.parse(one.service_day) };
  const found = await overChart.withParameters(parameters).exec(chart);
  chart.reset();
  return Object.values(found.patientResults)[0].Met;
}

// The same rule as bench/timing.py: the best of five rounds, in seconds of processor time.
async function rate(answer) {
  let best = 0;
  for (let turn = 0; turn < 5; turn += 1) best = Math.max(best, await round(answer));
  return best;
}

async function round(answer) {
  const from = process.cpuUsage();
  for (let done = 0; ; ) {
    for (const one of cases) await answer(one);
    done += cases.length;
    const { user, system } = process.cpuUsage(from);
    const spent = (user + system) / 1e6;
    if (spent >= seconds / 5) return done / spent;
  }
}

const answers = { facts: ofFacts, chart: ofChart };
let wrong = 0;
for (const [name, answer] of Object.entries(answers))
  for (const [index, one] of cases.entries()) {
    const found = (await answer(one)) ?? null;
    if (found !== one.met) console.error(`${name} ${index}: ${found}, expected ${one.met}`), (wrong += 1);
  }
if (wrong) process.exit(1);
const rates = {};
for (const [name, answer] of Object.entries(answers)) rates[name] = await rate(answer);
console.log(JSON.stringify(rates));
