#!/usr/bin/env bash
# A standalone Spark cluster on loopback: one master, two workers of one core each.
#   scripts/spark_cluster.sh start    prints the master's URL when both workers have joined
#   scripts/spark_cluster.sh connect  also starts a Spark Connect server on it, prints its URL
#   scripts/spark_cluster.sh stop
# PYTHON is the interpreter with pyspark; executors use it too. STATE is where logs and pids go.
set -euo pipefail
PYTHON="${PYTHON:-python3}"
STATE="${STATE:-${TMPDIR:-/tmp}/gov-sentiment-spark}"
PORT="${PORT:-17077}"
CONNECT_PORT="${CONNECT_PORT:-15002}"
SPARK_HOME="$("$PYTHON" -c 'import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)')"
export SPARK_HOME PYSPARK_PYTHON="$PYTHON"
export SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1 SPARK_WORKER_DIR="$STATE/work"
master="spark://127.0.0.1:$PORT"

launch() { # name, class or script, arguments
  local name="$1"
  shift
  nohup "$@" >"$STATE/$name.log" 2>&1 &
  echo $! >"$STATE/$name.pid"
}

await() { # file, text, how often
  local i seen
  for ((i = 0; i < 240; i++)); do
    seen="$(grep -c "$2" "$STATE/$1.log" 2>/dev/null || true)"
    if [ "${seen:-0}" -ge "$3" ]; then return; fi
    sleep 0.5
  done
  echo "spark_cluster: $1 did not come up; see $STATE/$1.log" >&2
  return 1
}

start() {
  mkdir -p "$STATE"
  launch master "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port "$PORT" --webui-port 0
  await master "I have been elected leader" 1
  local i
  for i in 1 2; do
    launch "worker$i" "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
      --host 127.0.0.1 --cores 1 --memory 2g --webui-port 0 "$master"
  done
  await master "Registering worker" 2
}

stop() {
  local file
  for file in "$STATE"/*.pid; do
    [ -e "$file" ] || continue
    kill "$(cat "$file")" 2>/dev/null || true
    rm -f "$file"
  done
}

case "${1:-}" in
start)
  start
  echo "$master"
  ;;
connect)
  start
  launch connect "$SPARK_HOME/bin/spark-submit" --master "$master" \
    --conf spark.connect.grpc.binding.address=127.0.0.1 \
    --conf "spark.connect.grpc.binding.port=$CONNECT_PORT" \
    --class org.apache.spark.sql.connect.service.SparkConnectServer --name connect spark-internal
  await connect "Spark Connect server started" 1
  echo "sc://127.0.0.1:$CONNECT_PORT"
  ;;
stop) stop ;;
*)
  sed -n '2,7p' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac
