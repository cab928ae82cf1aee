"""A Spark cluster reads a lake in a bucket, or says in a sentence what it lacks.

Hadoop's own client of S3 (hadoop-aws) comes from a repository that the tests do not reach; its view of file systems,
which is within Spark, leads `s3://` to the bucket as a mounted folder instead.
"""

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests import bucket as buckets
from tests.bucket import lake_settings, mounted
from tests.collector.house import House
from tests.collector.test_copies import furnish
from tests.collector.test_faults import said
from tests.engines import servers
from tests.engines.sameness import difference

ASKED = ("gap", "--workspace", "shop", "--from", "2026-02-01", "--to", "2026-04-01", "--json")
VIEW = """
spark.hadoop.fs.s3.impl org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme
spark.hadoop.fs.viewfs.overload.scheme.target.file.impl org.apache.hadoop.fs.LocalFileSystem
spark.hadoop.fs.viewfs.mounttable.nous.linkFallback file://{folder}
"""


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="it mounts, which only root on Linux may")
def test_spark_reads_a_lake_in_a_bucket(tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    folder.mkdir()
    with ExitStack() as running:
        bucket = running.enter_context(buckets.server())
        running.enter_context(mounted(bucket, folder))
        house = House(tmp_path / "home", **lake_settings(bucket, "spark"))
        furnish(house)
        embedded = json.loads(house.nous(*ASKED))
        house.environment["NOUS_ENGINE"] = running.enter_context(servers.spark(tmp_path))
        house.environment |= {name: value for name, value in os.environ.items() if name.startswith("SPARK_")}
        lacking = said(*ASKED[:-1], house=house).splitlines()[-1]
        assert lacking.startswith(
            "The cluster of NOUS_ENGINE cannot read s3://: give it hadoop-aws, or the bucket as a"
        )
        defaults = tmp_path / "spark-defaults.conf"
        defaults.write_text(defaults.read_text() + VIEW.format(folder=folder))
        found = json.loads(house.nous(*ASKED))
    assert found["engine"] != embedded["engine"]
    changing = {"engine": "", "as_of": ""}
    assert difference(found | changing, embedded | changing) is None
