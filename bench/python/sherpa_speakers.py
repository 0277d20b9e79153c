"""python sherpa_speakers.py MODEL.speakers FOLDER

Writes the two networks of the speaker model (docs/models.md) as FOLDER/segmentation.onnx and FOLDER/embedding.onnx, as sherpa-onnx wants
them: the same weights; the segmentation ends with the log-probabilities of its seven classes, the embedding hears all frames alike, and
both say in their metadata what they are. Needs the packages onnx and onnxruntime.
"""
import os, sys, tempfile

import onnx, onnxruntime
from onnx import TensorProto, helper

SEGMENTATION = slice(0, 1_594_080)
EMBEDDING = slice(1_594_112, 1_594_112 + 6_975_920)
CLASSES = "/inner/activation/LogSoftmax_output_0"


def from_ort(content, folder):
    """onnxruntime's own format, as ONNX."""
    source, target = (os.path.join(folder, name) for name in ("in.ort", "out.onnx"))
    with open(source, "wb") as file:
        file.write(content)
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.load_model_format", "ORT")
    options.add_session_config_entry("session.save_model_format", "ONNX")
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.optimized_model_filepath = target
    onnxruntime.InferenceSession(source, options)
    model = onnx.load(target)
    standard = [opset for opset in model.opset_import if opset.domain == ""]
    del model.opset_import[:]
    model.opset_import.extend(standard)
    name_graphs(model.graph)
    return model


def name_graphs(graph):
    graph.name = graph.name or "graph"
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                name_graphs(attribute.g)


def save(model, path, **metadata):
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, str(value)
    onnx.save(model, path)


def main(path, target):
    os.makedirs(target, exist_ok=True)
    with open(path, "rb") as file:
        content = file.read()
    with tempfile.TemporaryDirectory() as folder:
        model = from_ort(content[SEGMENTATION], folder)
        last = [node.output[0] for node in model.graph.node].index(CLASSES)
        del model.graph.node[last + 1 :]
        del model.graph.output[:]
        model.graph.output.append(helper.make_tensor_value_info(CLASSES, TensorProto.FLOAT, ["batch", 589, 7]))
        save(
            model, os.path.join(target, "segmentation.onnx"), model_type="pyannote-segmentation-3.0", version=1, num_speakers=3,
            powerset_max_classes=2, num_classes=7, sample_rate=16000, window_size=160000, receptive_field_size=991, receptive_field_shift=270,
        )
        model = from_ort(content[EMBEDDING], folder)
        graph = model.graph
        graph.input.remove(next(each for each in graph.input if each.name == "weights"))
        for name, value in (("bench_0", 0), ("bench_2", 2)):
            graph.initializer.append(helper.make_tensor(name, TensorProto.INT64, [1], [value]))
        one = helper.make_tensor("bench_1", TensorProto.FLOAT, [1], [1.0])
        for node in (
            helper.make_node("ConstantOfShape", ["bench_frames"], ["weights"], value=one),
            helper.make_node("Slice", ["bench_shape", "bench_0", "bench_2"], ["bench_frames"]),
            helper.make_node("Shape", ["fbank"], ["bench_shape"]),
        ):
            graph.node.insert(0, node)
        save(
            model, os.path.join(target, "embedding.onnx"), framework="wespeaker", language="English", url="", comment="",
            sample_rate=16000, output_dim=256, normalize_samples=0, feature_normalize_type="global-mean",
        )


main(*sys.argv[1:])
