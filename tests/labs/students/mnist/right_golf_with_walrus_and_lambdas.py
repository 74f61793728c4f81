"""Every task in as few characters as it will go; unreadable, and everything is right."""

# %% network
K=keras.layers
network=lambda separable,activation:keras.Sequential([keras.Input((28,28,1)),*[(K.Conv2D,K.SeparableConv2D)[separable](f,k,s,activation=activation)for f,k,s in((8,7,2),(16,5,2),(32,3,1))],K.GlobalAvgPool2D(),K.Dense(10,"softmax")])

# %% macs
macs=lambda size,channels,filters,kernel_size,strides=1,separable=False:len(range(0,size-kernel_size+1,strides))**2*channels*(kernel_size**2+filters if separable else kernel_size**2*filters)

# %% accuracy
accuracy=lambda probabilities,labels:(probabilities.argmax(1)==labels).mean()

# %% fit
fit=lambda m:(m.compile("nadam","sparse_categorical_crossentropy"),[m.fit(moved(x_train,np.random.default_rng(i)),y_train,verbose=0)for i in range(5 if digits.is_mnist else 60)])and m

# %% table
table={n:{"parameters":m.count_params(),"macs":320+sum(macs(*a,n>"e")for a in((28,1,8,7,2),(11,8,16,5,2),(4,16,32,3,1))),"kilobytes":file_size(n+".keras")/1e3,"seconds":(answers(m,x_test),t:=time.time(),p:=answers(m,x_test),time.time()-t)[3],"accuracy":accuracy(p,y_test)}for n,m in(("dense",dense),("separable",separable))}

# %% challenge
def challenge():
    m=keras.Sequential([keras.Input((28,28,1)),K.Conv2D(8,3,2,activation="relu"),K.BatchNormalization(),K.SeparableConv2D(16,3,activation="relu"),K.MaxPool2D(),K.SeparableConv2D(32,3,activation="relu"),K.GlobalAvgPool2D(),K.Dense(10,"softmax")])
    return fit(m)and fit(m)and fit(m)and fit(m)
