# shellcheck shell=bash
# Sourced by the wrappers. Everything installed lies under $ORACLES_HOME.
export LC_ALL=C.UTF-8 # else Java cannot open non-ASCII file names
home=${ORACLES_HOME:-$HOME/.cache/influxion-oracles}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

need() { # PATH: ends with 2 when it is not installed
  [ -e "$home/$1" ] || { echo "${0##*/}: $1 is missing under $home; run $here/install" >&2; exit 2; }
}

compiled() { # LIBRARY MAIN: compiles java/MAIN.java unless this very text is compiled; prints the class path
  local jars="$home/java/$1/*" classes fresh
  classes=$home/classes/$1-$(sha256sum < "$here/java/$2.java" | cut -c1-16)
  if [ ! -e "$classes" ]; then
    mkdir -p "$home/classes"
    fresh=$(mktemp -d "$home/classes/tmp.XXXXXX")
    javac -encoding UTF-8 -d "$fresh" -cp "$jars" "$here/java/$2.java" >&2 || { rm -rf "$fresh"; return 2; }
    mv -T "$fresh" "$classes" 2> /dev/null || rm -rf "$fresh" # another run was faster
  fi
  echo "$classes:$jars"
}

# Short runs matter most: light JIT and collector; deep structure trees need stack.
java_options=(-Xss8m -Xmx"${ORACLES_HEAP:-2g}" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true)

run_java() { # LIBRARY MAIN ARG...
  local library=$1 main=$2 path
  shift 2
  need "java/$library"
  path=$(compiled "$library" "$main") || exit 2
  exec java "${java_options[@]}" -cp "$path" "$main" "$@"
}
