# @title Get Fashion-MNIST: if it cannot be had, this cell says why and what to do.
import gzip
import hashlib
import zlib
from pathlib import Path

SHA256 = {  # of what is in each file, unpacked
    "train-images-idx3": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
home = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()
home = home if os.access(home, os.W_OK) else Path("/tmp", ".keras")  # as Keras chooses
folder = home / "datasets" / "fashion-mnist"

faults = []
try:
    tf.keras.datasets.fashion_mnist.load_data()  # downloads the files that are not there
except Exception as error:  # the connection, or one of the files
    faults.append(f"Keras says: {error}")
for name, sha256 in SHA256.items():
    file = folder / f"{name}-ubyte.gz"
    try:
        found = hashlib.sha256(gzip.decompress(file.read_bytes())).hexdigest()
    except FileNotFoundError:
        faults.append(f"{file.name} is not there.")
    except (OSError, EOFError, zlib.error) as error:
        faults.append(f"{file.name} is cut off or damaged ({error}). Delete it.")
    else:
        if found != sha256:
            faults.append(
                f"{file.name} does not hold Fashion-MNIST (SHA-256 {found}). Delete it."
            )
cure = f"""
Needed: four files in {folder}
Delete what is named above, and run this cell again. Where the download stays blocked, get the
files from https://github.com/zalandoresearch/fashion-mnist (data/fashion), or out of Debian's
package dataset-fashion-mnist, and put them there. See "URL fetch failure" among the questions."""
assert not faults, "\n".join(["Fashion-MNIST cannot be had.", *faults, cure])
