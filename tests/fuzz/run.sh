#!/usr/bin/env bash
# Fuzzes one target, or keeps what a run has found. docs/fuzzing.md says more.
#   run.sh build                the targets, with the address sanitizer
#   run.sh fuzz TARGET SECONDS  from the kept corpus and the fixtures; new inputs go to work/TARGET, findings to artifacts/TARGET
#   run.sh keep TARGET          writes the smallest corpus that reaches all that work/TARGET reaches to corpus/TARGET.txt
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR="$PWD/target"
programs=target/x86_64-unknown-linux-gnu/release

# The dictionary and the greatest length of a target.
case "${2:-}" in
vtt | srt | sbv | lrc) words=captions length=65536 ;;
zip) words=zip length=262144 ;;
docx | odt | epub | xlsx | ods) words="$2" length=131072 ;;
csv | sheet) words=table length=65536 ;;
*) words="${2:-}" length=65536 ;;
esac
[ -f "dict/$words.dict" ] || words=text

# The kept corpus is one line for each input, with \n and \xNN for what can't be seen; a fuzzer wants files.
unpack() {
    rm -rf "start/$1"
    mkdir -p "start/$1"
    [ ! -f "corpus/$1.txt" ] || perl -ne 'chomp; s/\\(n|x(..))/$1 eq "n" ? "\n" : chr hex $2/ge; open(my $f, ">:raw", "start/'"$1"'/$.") or die; print $f $_' "corpus/$1.txt"
}

case "${1:-}" in
build)
    cargo +nightly fuzz build --fuzz-dir .
    ;;
fuzz)
    unpack "$2"
    mkdir -p "work/$2" "artifacts/$2"
    # Fixtures that are folders go in as what the target takes: a ZIP, or a text of parts.
    find ../../fixtures/import -mindepth 1 -maxdepth 1 -type d -name "*.${2/#zip/*}" | while read -r folder; do
        seed="$PWD/work/$2/${folder##*/}"
        case "$2" in
        zip) (cd "$folder" && rm -f "$seed" && zip -qrX - . >"$seed" && rm -f "$seed.0" && zip -qrX0 - . >"$seed.0") ;;
        *) (cd "$folder" && find . -type f | sort | while read -r part; do printf -- '--- %s\n' "${part#./}" && cat "$part" && echo; done >"$seed") ;;
        esac
    done
    "$programs/$2" "work/$2" "start/$2" ../../fixtures/import \
        -dict="dict/$words.dict" -max_len="$length" -max_total_time="$3" \
        -timeout=60 -rss_limit_mb=2048 -report_slow_units=5 -print_final_stats=1 -artifact_prefix="artifacts/$2/"
    ;;
keep)
    # Inputs of a few KB reach everything; longer ones only make the tests slow.
    unpack "$2"
    rm -rf "kept/$2" "small/$2"
    mkdir -p "kept/$2" "small/$2"
    find "start/$2" "work/$2" -type f -size -4097c -exec cp -t "small/$2" {} + || true
    "$programs/$2" -set_cover_merge=1 -use_counters=0 -timeout=10 "kept/$2" "small/$2"
    find "kept/$2" -type f -exec perl -0777 -ne 's/([^ -\[\]-~])/$1 eq "\n" ? "\\n" : sprintf("\\x%02x", ord $1)/ge; print "$_\n"' {} \; |
        LC_ALL=C sort -u >"corpus/$2.txt"
    ;;
*)
    sed -n '2,6s/^# \?//p' "$0"
    exit 2
    ;;
esac
