"""PyTorch's tensors, as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.protocol.library_data.data_type import DataType, library, of_types, require

COMPUTED = "_computed_with_gradient"  # mark of a tensor that was computed where it comes from
_DTYPES = {
    "<f2": "float16", "<f4": "float32", "<f8": "float64", "|i1": "int8", "<i2": "int16", "<i4": "int32",
    "<i8": "int64", "|u1": "uint8", "|b1": "bool", "<c8": "complex64", "<c16": "complex128",
}  # fmt: skip


def _parts(tensor: Any) -> Any:
    data = tensor.detach().cpu().resolve_conj().resolve_neg()
    is_brain_float = str(data.dtype) == "torch.bfloat16"
    if is_brain_float:  # which NumPy has not
        data = data.view(library("torch").int16)
    made = bool(tensor.requires_grad and not tensor.is_leaf)
    gradient = tensor.grad if tensor.is_leaf else None
    return data.contiguous().numpy(), is_brain_float, bool(tensor.requires_grad), made, gradient


def _build(parts: Any) -> Any:
    array, is_brain_float, wants_gradient, made, gradient = of_types(
        parts, np.ndarray, bool, bool, bool, object
    )
    require(array.dtype.str in _DTYPES, "the dtype of a tensor")
    torch = library("torch")
    tensor = torch.from_numpy(np.array(array))
    if is_brain_float:
        require(array.dtype.str == "<i2", "the dtype of a tensor")
        tensor = tensor.view(torch.bfloat16)
    require(not wants_gradient or tensor.is_floating_point() or tensor.is_complex(), "a tensor's gradient")
    tensor.requires_grad_(wants_gradient)
    if made:
        setattr(tensor, COMPUTED, True)
    _set_gradient(tensor, gradient)
    return tensor


def _set_gradient(tensor: Any, gradient: Any) -> None:
    if gradient is not None:
        tensor.grad = gradient.detach()  # PyTorch refuses what does not fit


def _put(target: Any, source: Any) -> bool:
    if target.shape != source.shape or target.dtype != source.dtype:
        return False
    with library("torch").no_grad():
        target.copy_(source)
    if target.is_leaf:
        target.grad = source.grad
    return True


def _build_parameter(parts: Any) -> Any:
    tensor = _build(parts)
    parameter = library("torch.nn").Parameter(tensor.detach(), requires_grad=tensor.requires_grad)
    _set_gradient(parameter, tensor.grad)
    return parameter


TYPES = (
    DataType("torch.nn:Parameter", _parts, _build_parameter, changeable=True, put=_put),
    DataType("torch:Tensor", _parts, _build, changeable=True, put=_put, subclasses=True),
)
