#!/usr/bin/env bash
# Scans what SCAN says, in the current folder, and writes code and report to GITHUB_OUTPUT and a summary to GITHUB_STEP_SUMMARY.
# Ends with 0 once caulk has ended by itself: a later step fails the job, after the report was uploaded.
set -euo pipefail

caulk=${CAULK:-$RUNNER_TEMP/caulk/bin/caulk}
report=$RUNNER_TEMP/caulk-report
mkdir -p "$report"
rm -f "$report"/caulk.*

fail() {
    echo "::error title=caulk::$1" >&2
    exit 2
}

is_id() { [[ $1 =~ ^[0-9a-f]{40,64}$ && ! $1 =~ ^0+$ ]]; }
is_here() { git -c safe.directory='*' cat-file -e "$1^{commit}" 2>/dev/null; }

# What a push or pull request adds, as a range of commits; nothing if it only takes away.
range() {
    is_id "${HEAD:-}" || return 0
    is_here "$HEAD" || fail "the commit $HEAD is not here: set fetch-depth to 0 in the step that checks out"
    if is_id "${BASE:-}" && is_here "$BASE"; then
        echo "$BASE..$HEAD"
    elif [[ -n ${DEFAULT_BRANCH:-} ]] && is_here "refs/remotes/origin/$DEFAULT_BRANCH" &&
        [[ ${GITHUB_REF:-} != "refs/heads/$DEFAULT_BRANCH" ]]; then
        # A new branch, or one that was pushed over: what the default branch has not.
        echo "refs/remotes/origin/$DEFAULT_BRANCH..$HEAD"
    else
        echo "$HEAD"
    fi
}

case ${SCAN:-range} in
range)
    if [[ -z ${HEAD:-} ]]; then
        echo "${GITHUB_EVENT_NAME:-this event} adds no commits: everything is scanned"
        command=(history)
    else
        added=$(range) || exit
        if [[ -z $added ]]; then
            echo "nothing was added"
            echo "code=0" >>"$GITHUB_OUTPUT"
            exit
        fi
        command=(history --range "$added")
        # What accepts findings is taken from before the change: no pull request accepts its own.
        [[ $added != *..* ]] || command+=(--config-from "${added%%..*}")
    fi
    ;;
history) command=(history) ;;
files) command=(scan .) ;;
*) fail "there is no scan of this name: use range, history or files" ;;
esac

echo "caulk ${command[*]}"
code=0
"$caulk" "${command[@]}" --confidence "${CONFIDENCE:-medium}" --fail-on "${FAIL_ON:-low}" \
    -f text="$report/caulk.txt" -f sarif="$report/caulk.sarif" 2>"$report/caulk.log" || code=$?
# A reader of workflow commands must not find any in what was scanned.
stop=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$stop"
[[ ! -f $report/caulk.txt ]] || cat "$report/caulk.txt"
cat "$report/caulk.log"
echo "::$stop::"

{
    echo "code=$code"
    [[ ! -f $report/caulk.sarif ]] || echo "sarif=$report/caulk.sarif"
} >>"$GITHUB_OUTPUT"

{
    case $code in
    0) echo "### caulk: no secrets" ;;
    1) echo "### caulk: secrets were found" ;;
    3) echo "### caulk: not everything could be scanned" ;;
    *) echo "### caulk: an error" ;;
    esac
    echo
    # Indented, so that nothing in it is taken for markup; a summary holds 1 MiB.
    cat "$report/caulk.log" "$report/caulk.txt" 2>/dev/null | head -c 500000 | sed 's/^/    /'
} >>"$GITHUB_STEP_SUMMARY"
