// Reads an array of Adaptive Cards from stdin, and prints what Microsoft's renderer finds wrong with each.
// NODE_PATH names the folder of the package; the UMD build, for the other one does not load in plain node.
const cards = require("adaptivecards/dist/adaptivecards.js");

function findings(json) {
  const card = new cards.AdaptiveCard();
  const context = new cards.SerializationContext(cards.Versions.v1_5);
  card.parse(json, context);
  const read = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  return [...read, ...card.validateProperties().validationEvents.map((event) => event.message)];
}

console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0, "utf8")).map(findings)));
