#!/usr/bin/env bash
# Installs what the end-to-end tests drive: Debian's Chromium with Japanese fonts, the Slack emulator, axe-core,
# Microsoft's renderer of Adaptive Cards and its playground for Teams.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v chromium >/dev/null || ! command -v ip >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq chromium fonts-noto-cjk iproute2
fi
mkdir -p build
[ -x build/node_modules/local-slack-linux-x64/bin/local-slack ] ||
  npm install --silent --no-audit --no-fund --prefix build local-slack-linux-x64@0.1.8
[ -f build/node_modules/axe-core/axe.min.js ] ||
  npm install --silent --no-audit --no-fund --prefix build axe-core@4.14.1
[ -f build/node_modules/adaptivecards/dist/adaptivecards.js ] ||
  npm install --silent --no-audit --no-fund --prefix build adaptivecards@3.0.6
[ -f build/node_modules/@microsoft/m365agentsplayground/cli.js ] ||
  npm install --silent --no-audit --no-fund --prefix build @microsoft/m365agentsplayground@0.2.28
