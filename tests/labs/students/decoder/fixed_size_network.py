"""Trained for pictures of 48 by 48 only, with more epochs; everything is right."""
# rest: tutorial_style
# file: decoder.keras = decoder_for_48_by_48


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    iou_list = []
    for i in range(classes):
        if i == 0:
            continue  # background
        TP = np.sum((truth == i) * (predicted == i))
        FP = np.sum((truth != i) * (predicted == i))
        FN = np.sum((truth == i) * (predicted != i))
        if TP + FP + FN == 0:
            continue
        iou_list.append(TP / (TP + FP + FN))
    return np.array(iou_list).mean()
