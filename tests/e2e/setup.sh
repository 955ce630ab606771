#!/usr/bin/env bash
# Installs what the end-to-end tests drive: Debian's Chromium with Japanese fonts.
set -euo pipefail
command -v chromium >/dev/null && fc-list :lang=ja 2>/dev/null | grep -q . && exit 0
apt-get update -qq
apt-get install -y -qq chromium fonts-noto-cjk fontconfig
